import { posix } from 'node:path';
import { unsupported } from '../service-error';
import { execForm, wordsOf, type Instruction, type Variables } from './dockerfile';

/** What process mode does in place of a command of a RUN instruction. */
export type RunStep =
  | { readonly kind: 'install'; readonly requirements: readonly string[]; readonly files: readonly string[] }
  | { readonly kind: 'mode'; readonly mode: string; readonly paths: readonly string[] }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'left out'; readonly what: string };

/**
 * Follows the commands of a RUN instruction without running them: what pip installs, `chmod` and `mkdir` are done
 * elsewhere; the system's packages are left out, since this machine has its own.
 *
 * @throws ServiceError for any other command
 */
export function runSteps(instruction: Instruction, variables: Variables, workingFolder: string): RunStep[] {
  const refuse = (why: string): never => { throw unsupported(`Dockerfile line ${instruction.line}: RUN ${why}: without containers only pip install, chmod, mkdir and the installation of system packages are followed`); };
  const mount = instruction.flags.mount;
  if (mount !== undefined && !mount.includes('type=cache')) { refuse(`--mount=${mount}`); }
  const exec = execForm(instruction.text);
  // A shell's own grammar is not followed, but for one command after the other.
  if (exec === undefined && /[|<>`(){}&]/.test(instruction.text.replace(/"[^"]*"|'[^']*'|\$\{\w+\}|&&/g, ''))) { refuse(instruction.text); }
  const commands = exec === undefined ? splitCommands(instruction.text).map((text) => wordsOf(text, variables)) : [exec];
  return commands.filter((words) => words.length > 0).flatMap((words) => stepsOf(words, workingFolder, refuse));
}

/** At `&&` and `;`, but not within quotes: what follows has all of its quotes. */
const splitCommands = (text: string) => text.split(/(?:&&|;)(?=(?:[^"']|"[^"]*"|'[^']*')*$)/);

type Refuse = (why: string) => never;

function stepsOf(words: readonly string[], workingFolder: string, refuse: Refuse): RunStep[] {
  const text = words.join(' ');
  const at = (path: string) => posix.resolve(workingFolder, path);
  const [program = '', ...rest] = words;
  if (SYSTEM_PACKAGES.has(words.find((word) => !/^\w+=/.test(word)) ?? '')) { return [{ kind: 'left out', what: text }]; }
  const pip = pipArguments(words);
  if (pip !== undefined) {
    // Options may stand before the command too.
    const command = pip.find((word) => !word.startsWith('-'));
    if (command === 'cache') { return []; }
    return command === 'install' ? [installed(pip.filter((_, index) => index !== pip.indexOf('install')), at, () => refuse(text))] : refuse(text);
  }
  if (program === 'set' || program === 'true' || program === 'echo') { return []; }
  if (program === 'chmod' && /^([0-7]{3,4}|[ugoa]*\+[rwx]+)$/.test(rest[0] ?? '') && rest.length > 1) {
    return [{ kind: 'mode', mode: rest[0] as string, paths: rest.slice(1).map(at) }];
  }
  const paths = rest.filter((word) => !word.startsWith('-'));
  if (program === 'mkdir') { return paths.map((path) => ({ kind: 'folder', path: at(path) })); }
  // The interpreter has all of its names here.
  const isName = program === 'ln' && paths.length === 2 && /^(python|pip)3?$/.test(posix.basename(paths[1] as string));
  const isCleaning = program === 'rm' && paths.every((path) => /^\/(var\/(lib\/apt|cache)|tmp|root\/\.cache)(\/|$)/.test(path));
  return isName || isCleaning ? [] : refuse(text);
}

/** What pip is told, however it is called; nothing for another program. */
function pipArguments([program = '', ...rest]: readonly string[]): string[] | undefined {
  const name = posix.basename(program);
  if (/^pip[\d.]*$/.test(name)) { return rest; }
  if (/^python[\d.]*$/.test(name) && rest[0] === '-m' && rest[1] === 'pip') { return rest.slice(2); }
  return name === 'uv' && rest[0] === 'pip' ? rest.slice(1) : undefined;
}

/** The arguments of `pip install`. What pip is to fetch from where, and folders to install, are not followed. */
function installed(args: readonly string[], at: (path: string) => string, refuse: () => never): RunStep {
  const requirements: string[] = [];
  const files: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] as string;
    const file = /^(?:-r|--requirement)(?:=)?(.*)$/.exec(arg);
    if (file !== null) {
      const path = file[1] === '' ? args[index += 1] : file[1];
      files.push(at(path ?? refuse()));
    } else if (arg.startsWith('-')) {
      if (!PIP_FLAGS.test(arg)) { refuse(); }
    } else if (isRequirement(arg)) {
      // What installs is here already.
      if (!/^(pip|wheel|uv)\b(?!-)/.test(arg)) { requirements.push(arg); }
    } else {
      refuse();
    }
  }
  return { kind: 'install', requirements, files };
}

/** A distribution with or without a version, as against a path, a URL or an option. */
export const isRequirement = (text: string) => /^[A-Za-z0-9][\w.-]*(\[[\w., -]+\])?\s*([<>=!~]=?.*|;.*)?$/.test(text) && !/[/:]/.test(text);

const SYSTEM_PACKAGES: ReadonlySet<string> = new Set(['apt-get', 'apt', 'apk', 'yum', 'dnf', 'microdnf', 'ldconfig', 'useradd', 'groupadd', 'adduser', 'addgroup']);
const PIP_FLAGS = /^(--no-cache-dir|--no-cache|--upgrade|-U|--quiet|-q+|--no-input|--disable-pip-version-check|--break-system-packages|--root-user-action=\w+|--progress-bar=\w+|--no-compile|--prefer-binary|--user|--system)$/;
