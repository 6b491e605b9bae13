// The library in one file, whose parts are evaluated when they are first used: reading sixty files and loading every
// aws-cdk-lib module they mention would cost each synthesis more than a hundred jobs do.
//
// jsii has written dist/lib/*.js; its entry is kept as dist/lib/entry.js, and dist/lib/index.js becomes the bundle of it.
import { build } from 'esbuild';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

const MARK = '// One file, made of dist/lib by scripts/bundle-library.mjs';

export async function bundleLibrary(root) {
  const folder = join(root, 'dist', 'lib');
  const [index, entry] = [join(folder, 'index.js'), join(folder, 'entry.js')];
  if (existsSync(index) && !readFileSync(index, 'utf8').startsWith(MARK)) { renameSync(index, entry); }
  const names = exportsOf(entry);
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [entry], outfile: index, write: false, allowOverwrite: true, bundle: true, platform: 'node', format: 'cjs', target: 'node20', packages: 'external', legalComments: 'none', logLevel: 'warning',
    banner: { js: MARK },
    // how Node finds the names for `import { TrainingJob } from 'cdk-sagemaker'`
    footer: { js: `0 && (module.exports = { ${[...names.values()].flat().join(', ')} });` },
    minify: true,
    plugins: [{ name: 'lazy', setup: (plugin) => plugin.onLoad({ filter: /dist[\\/]lib[\\/].*\.js$/ }, ({ path }) => ({ contents: path === entry ? lazyExports(names) : lazyRequires(readFileSync(path, 'utf8')), loader: 'js' })) }],
  });
  writeFileSync(index, inLines(text));
}

/** A line for each module, and for each `throw`: of an error that nobody catches Node prints the line it comes from, of which a pipe has room for some. */
function inLines(text) {
  const cuts = [];
  const visit = (node) => {
    if (ts.isThrowStatement(node)) { cuts.push(node.getStart(), node.end); }
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile('index.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  visit(file);
  cuts.push(...file.statements.slice(1).map((each) => each.getStart()));
  const places = [...new Set(cuts)].sort((one, other) => one - other);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length)).join('\n');
}

/** What each module of the entry exports. */
function exportsOf(entry) {
  const require = createRequire(entry);
  const modules = [...readFileSync(entry, 'utf8').matchAll(/__exportStar\(require\("(\.\/[^"]+)"\), exports\);/g)].map(([, module]) => module);
  return new Map(modules.map((module) => [module, Object.keys(require(module))]));
}

/** Classes are called in stack traces what users call them; what is inside has short names. */
const NAMED = 'function named(value, name) { return typeof value === "function" && value.name !== name ? Object.defineProperty(value, "name", { value: name, configurable: true }) : value; }';

/** Through a function, since Node's search for export names takes a getter written out here for one it can't trust. */
function lazyExports(names) {
  const lines = [...names].flatMap(([module, exported]) => exported.map((name) => `lazy("${name}", () => require("${module}").${name});`));
  return ['"use strict";', 'Object.defineProperty(exports, "__esModule", { value: true });', 'const lazy = (name, get) => Object.defineProperty(exports, name, { enumerable: true, get: () => named(get(), name) });', NAMED, ...lines].join('\n');
}

/** `const x_1 = require("y")` becomes a function, and `x_1.` its call: TypeScript writes no other use of it. */
function lazyRequires(source) {
  return [...source.matchAll(/^const (\w+) = require\("([^"]+)"\);$/gm)].reduce((text, [line, name, module]) => {
    const uses = new RegExp(`\\b${name.replace('$', '\\$')}\\b(?!\\.)`, 'g');
    if ([...text.replace(line, '').matchAll(uses)].length > 0) { return text; }          // used as a whole: left as it is
    return text.replace(line, '@@')
      .replaceAll(new RegExp(`\\bnew ${name}\\.([\\w.]+)`, 'g'), `new (${name}().$1)`)
      .replaceAll(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`)
      .replace('@@', `let ${name}_; const ${name} = () => ${name}_ ??= require("${module}");`);
  }, source);
}
