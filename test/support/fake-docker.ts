/**
 * What `docker` is to the CDK's command line where there is none: `fake-docker <image store> <command> …`. It builds nothing; what is
 * pushed goes to the images of the local AWS, with the folder it would have been built from.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImageStore, type ImageSource } from '../../lib/local/images/image-store';

const [folder = '', command = '', ...args] = process.argv.slice(2);
const known = join(folder, 'docker.json');

/** Local tag -> what it was built from. */
const built: { [tag: string]: ImageSource } = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : {};

function remember(tag: string, source: ImageSource): void {
  built[tag] = source;
  writeFileSync(known, JSON.stringify(built));
}

function fromBuilt(tag: string | undefined): ImageSource {
  const source = built[tag ?? ''];
  if (source === undefined) {
    console.error(`no such image: ${tag}`);
    process.exit(1);
  }
  return source;
}

const commands: { [name: string]: () => void } = {
  inspect: () => { fromBuilt(args[0]); },
  build() {
    const { values, positionals: [context = '.'] } = parseArgs({
      args, allowPositionals: true,
      options: { 'tag': { type: 'string' }, 'file': { type: 'string' }, 'platform': { type: 'string' }, 'target': { type: 'string' }, 'build-arg': { type: 'string', multiple: true } },
    });
    const directory = resolve(context);
    const buildArgs = Object.fromEntries((values['build-arg'] ?? []).map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
    remember(values.tag ?? '', { directory, dockerfile: values.file && relative(directory, resolve(values.file)), buildArgs, target: values.target });
  },
  tag: () => remember(args[1] ?? '', fromBuilt(args[0])),
  login: () => undefined,
  push() {
    const uri = args.at(-1) ?? '';
    const [, repository = '', tag = ''] = /^[^/]+\/(.+):([^:]+)$/.exec(uri) ?? [];
    new ImageStore(folder).put(repository, tag, fromBuilt(uri));
  },
};

mkdirSync(folder, { recursive: true });
appendFileSync(join(folder, 'docker.log'), `${[command, ...args].join(' ')}\n`);
const run = commands[command];
if (run === undefined) {
  console.error(`this docker does not know ${command}`);
  process.exit(64);
}
run();
