import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCli } from './support/built-cli';
import { ROOT } from './support/packed';

const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const withoutBlocks = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '`code`');
const blocks = (language: string) => PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/^( *)```(\w+)[^\n]*\n([\s\S]*?)^\1```$/gm)].filter(([, , found]) => found === language).map(([, indent = '', , text = '']) => ({ page, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') })));

/** As GitHub makes them. */
const anchorsOf = (page: string) => [...withoutFences(textOf(page)).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));
const withoutFences = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

describe('Every page', () => {
  test('links to files, and to headings, that are there', () => {
    const links = PAGES.flatMap((page) => [...withoutBlocks(textOf(page)).matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => ({ page, target })).filter(({ target }) => !/^https?:/.test(target)));
    const broken = links.filter(({ page, target }) => {
      const [file, anchor] = target.split('#') as [string, string | undefined];
      const path = file === '' ? page : join(dirname(page), file);
      return !existsSync(join(ROOT, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
    });
    expect(links.length).toBeGreaterThan(100);
    expect(broken).toEqual([]);
  });

  test('of docs/ is in the list by reader', () => {
    const listed = new Set([...textOf('docs/README.md').matchAll(/\]\(([a-z-]+\.md)/g)].map(([, file]) => `docs/${file}`));
    expect(PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !listed.has(page))).toEqual([]);
  });
});

describe('Blocks of', () => {
  test('Python are read by Python', () => {
    const all = blocks('python').map(({ page, text }) => ({ page, text }));
    const program = 'import ast, json, sys\nfor block in json.load(sys.stdin):\n    try: ast.parse(block["text"])\n    except SyntaxError as error: print(block["page"], error)';
    const { stdout, status } = spawnSync('python3', ['-c', program], { input: JSON.stringify(all), encoding: 'utf8' });
    expect(all.length).toBeGreaterThan(5);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('JSON are JSON', () => {
    const all = blocks('json');
    expect(all.length).toBeGreaterThan(0);
    for (const { text } of all) { expect(() => JSON.parse(text) as unknown).not.toThrow(); }
  });
});

describe('Commands in blocks of the shell', () => {
  const help = new Map<string, Promise<string>>();
  const helpOf = (words: readonly string[]) => {
    const key = words.join(' ');
    const known = help.get(key) ?? runCli(ROOT, [...words, '--help']).then(({ out }) => out);
    help.set(key, known);
    return known;
  };
  /** `cdk-sagemaker local deploy Digits --json # …`, line by line, continued lines as one. */
  const lines = blocks('sh').flatMap(({ page, text }) => text.replace(/\\\n\s*/g, ' ').split('\n').flatMap((line) => {
    const [, command] = /(?:^|\s|\()(?:npx )?cdk-sagemaker ((?:local )?[a-z][^|;&>]*)/.exec(line.replace(/(^|\s)#.*$/, '')) ?? [];
    return command === undefined || line.includes('npm install') ? [] : [{ page, line, words: command.trim().split(/\s+/) }];
  }));

  test('exist, and have the options that are shown', async () => {
    expect(lines.length).toBeGreaterThan(20);
    const unknown: object[] = [];
    for (const { page, line, words } of lines) {
      const name = words.slice(0, words[0] === 'local' ? 2 : 1);
      const text = await helpOf(name);
      const options = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]!);
      const wrong = text.includes(`Usage: cdk-sagemaker ${name.join(' ')}`) ? options.filter((option) => !new RegExp(`(^|[\\s,])${option}([\\s,=]|$)`, 'm').test(text)) : [name.join(' ')];
      if (wrong.length > 0) { unknown.push({ page, line, wrong }); }
    }
    expect(unknown).toEqual([]);
  }, 120_000);
});
