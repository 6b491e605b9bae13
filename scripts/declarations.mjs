// What of the declarations a user's compiler reads: those that the entry's own reach.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A declaration, all that it imports, and what those import; with what is imported from packages. */
export function reachedFrom(entry) {
  const reached = new Set([entry]);
  const packages = new Set();
  for (const declaration of reached) {                         // a set goes on with what is added meanwhile
    if (!existsSync(declaration)) { throw new Error(`${declaration} is not there: npm run compile writes it`); }
    for (const [, module] of readFileSync(declaration, 'utf8').matchAll(/(?:from|import\() ?['"]([^'"]+)['"]/g)) {
      if (module.startsWith('.')) { reached.add(join(dirname(declaration), `${module}.d.ts`)); } else { packages.add(module); }
    }
  }
  return { declarations: [...reached], packages: [...packages] };
}

/** Those of what is imported beside the constructs, next to its bundle: it is compiled against with nothing else installed. */
export function copyAlone(entry, folder) {
  const { declarations, packages } = reachedFrom(entry);
  const elsewhere = declarations.filter((declaration) => dirname(declaration) !== dirname(entry));
  if (elsewhere.length + packages.length > 0) { throw new Error(`${entry}: its declarations stand alone, but reach ${[...elsewhere, ...packages].join(', ')}`); }
  for (const declaration of declarations) { cpSync(declaration, join(folder, relative(dirname(entry), declaration))); }
}

/** Those of the library that nothing public reaches are not published; npm reads that where they are. */
export function publishReached(folder) {
  const { declarations } = reachedFrom(join(folder, 'index.d.ts'));
  const all = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.d.ts'));
  const unreached = all.filter((file) => !declarations.includes(join(folder, file)));
  writeFileSync(join(folder, '.npmignore'), unreached.sort().map((file) => `/${file.split(sep).join('/')}\n`).join(''));
}

/** The assembly of jsii as it is published: in one line, without the lines of sources that are not, and without how modules of other packages are called that nothing here has types of. */
export function slimAssembly(file) {
  const withoutSources = (key, value) => (key === 'locationInModule' ? undefined : value);
  const assembly = JSON.parse(readFileSync(file, 'utf8'), withoutSources);
  const types = JSON.stringify(assembly.types);
  for (const dependency of Object.values(assembly.dependencyClosure).filter(({ submodules }) => submodules)) {
    dependency.submodules = Object.fromEntries(Object.entries(dependency.submodules).filter(([name]) => types.includes(`"${name}.`)));
  }
  writeFileSync(file, JSON.stringify(assembly));
}
