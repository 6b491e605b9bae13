// What the SDK brings along and the handler has no use for. Each module's functions are replaced by ones that throw, or by a module of ours.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const CORE = '@smithy/core/dist-es/submodules';
const CLIENT = '@aws-sdk/core/dist-es/submodules/client';

/** Modules, as they are in node_modules; why the handler never gets to them; what stands in for them when it does. */
export const LEFT_OUT = [
  { module: '@aws-sdk/credential-provider-node/dist-es/index.js', because: 'in Lambda the credentials are in the environment', instead: 'lib/handler/environment-credentials.ts' },
  { module: `${CORE}/config/shared-ini-file-loader/loadSharedConfigFiles.js`, because: 'in Lambda there are no files in ~/.aws', instead: 'lib/handler/no-config-files.ts' },
  // It is loaded on demand, and esbuild would keep apart whatever it shares with the rest.
  { module: `${CORE}/event-streams/index.js`, because: 'no call about jobs has an event stream' },
  { module: '@smithy/signature-v4/dist-es/HeaderFormatter.js', because: 'no message of an event stream is signed', instead: 'lib/handler/no-event-headers.ts' },
  { module: `${CORE}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`, because: 'in Lambda the region is in the environment' },
  { module: `${CORE}/checksum/sha256/Sha256Js.js`, because: 'node:crypto has SHA-256' },
  { module: `${CLIENT}/middleware-recursion-detection/recursionDetectionMiddleware.js`, because: 'no call about jobs calls a function', instead: 'lib/handler/no-habits-of-the-sdk.ts' },
  { module: `${CLIENT}/middleware-logger/loggerMiddleware.js`, because: 'the client of the handler has no logger', instead: 'lib/handler/no-habits-of-the-sdk.ts' },
  { module: `${CLIENT}/middleware-user-agent/check-features.js`, because: 'nobody counts the features of the SDK that a handler uses', instead: 'lib/handler/no-habits-of-the-sdk.ts' },
  { module: `${CORE}/retry/util-retry/AdaptiveRetryStrategy.js`, because: 'the client of SageMaker is made with the standard strategy' },
];

/** What the command line and the client of endpoints never get to either, wherever they run. */
export const FOR_BROWSERS = [
  { module: `${CLIENT}/util-user-agent-browser/createUserAgentStringParsingProvider.js`, because: 'Node is no browser that says who it is' },
  { module: `${CORE}/checksum/sha256/Sha256Js.js`, because: 'node:crypto has SHA-256' },
];

const filter = (modules) => new RegExp(`node_modules[\\\\/](${modules.map((module) => module.replace(/[.]/g, '\\.').replaceAll('/', '[\\\\/]')).join('|')})$`);

/** The plugin. A row for which nothing asks fails the build: the SDK has moved what was to be left out, and brings it along from elsewhere. */
export function leaveOut(root, rows = LEFT_OUT) {
  return {
    name: 'leave-out',
    setup(plugin) {
      const asked = new Set();
      plugin.onStart(() => asked.clear());
      plugin.onLoad({ filter: filter(rows.map(({ module }) => module)) }, async ({ path }) => {
        const row = rows.find(({ module }) => path.endsWith(module.replaceAll('/', sep)));
        asked.add(row);
        return { contents: await contents(root, path, row), resolveDir: root };
      });
      plugin.onEnd(() => ({ errors: rows.filter((row) => !asked.has(row)).map(({ module }) => ({ text: `nothing asks for ${module} any more: look for what it has become, or take its row out of the table` })) }));
    },
  };
}

/** Everything that the module exports: from its stand-in, or throwing. */
async function contents(root, path, { module, because, instead }) {
  const standIn = instead && join(root, instead);
  const there = standIn ? await exportsOf(standIn) : [];
  const missing = (await exportsOf(path)).filter((name) => !there.includes(name));
  return [
    `function leftOut() { throw new Error(${JSON.stringify(`${module} is not in this bundle: ${because}`)}); }`,
    `export { ${missing.map((name) => `leftOut as ${name}`).join(', ')} };`,
    standIn && `export * from ${JSON.stringify(standIn)};`,
  ].filter(Boolean).join('\n');
}

/** The names that a module exports, of others it re-exports too. */
export async function exportsOf(file) {
  const { metafile } = await build({ entryPoints: [file], bundle: true, packages: 'external', platform: 'node', format: 'esm', mainFields: ['module', 'main'], write: false, metafile: true, outfile: 'exports.js', logLevel: 'silent' });
  return Object.values(metafile.outputs)[0].exports;
}

/** Of a package.json nothing but its version: the SDK says it to the service. */
export const versionOnly = (packageName) => ({
  name: 'version-only',
  setup(plugin) {
    plugin.onLoad({ filter: filter([`${packageName}/package.json`]) }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
});

/**
 * Of the list of regions nothing but what tells them apart. A region that its partition's pattern matches, and that says nothing
 * of its own but how its place is called, is found by the pattern alone.
 */
export const regionsByPattern = () => ({
  name: 'regions-by-pattern',
  setup(plugin) {
    plugin.onLoad({ filter: filter([`${CLIENT}/util-endpoints/lib/aws/partitions.js`]) }, ({ path }) => {
      const [, json] = /^export const partitionsInfo = (.*);\s*$/s.exec(readFileSync(path, 'utf8'));
      const { partitions, ...rest } = JSON.parse(json);
      const needed = ({ regions, regionRegex }) => Object.entries(regions).filter(([region, { description, ...own }]) => Object.keys(own).length > 0 || !new RegExp(regionRegex).test(region));
      const kept = partitions.map((partition) => ({ ...partition, regions: Object.fromEntries(needed(partition)) }));
      return { contents: `export const partitionsInfo = ${JSON.stringify({ ...rest, partitions: kept })};` };
    });
  },
});
