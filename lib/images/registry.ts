import { URL_SUFFIXES } from '../limits/partitions';
import TABLE from './registry-table.json';
import { supported } from './unsupported-image';

interface RegistryText { readonly accounts: { readonly [account: string]: string }; readonly some?: { readonly [name: string]: string } }

/** Accounts of a registry by region. `<registry>/<name>` is the same registry in some of its regions. */
export function accountsOf(registry: string): { readonly [region: string]: string } {
  const [name, part] = registry.split('/') as [string, string | undefined];
  const text = (TABLE as { readonly [name: string]: RegistryText })[name]!;
  const [, word, list] = /^(only|all but) (.*)$/.exec(part === undefined ? 'all but ' : text.some![part]!)!;
  const named = new Set(list!.split(' '));
  const accounts = Object.entries(text.accounts).flatMap(([account, regions]) => regions.split(' ').map((region) => [region, account] as const));
  return Object.fromEntries(accounts.filter(([region]) => named.has(region) === (word === 'only')).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The account that has a registry in a region. */
export function accountIn(framework: string, registry: string, region: string): string {
  const accounts = accountsOf(registry);
  return accounts[supported(framework, 'region', region, Object.keys(accounts))]!;
}

/** Every account that AWS has images of SageMaker in. */
export function accountsOfAws(): ReadonlySet<string> {
  return ofAws ??= new Set(Object.values(TABLE as { readonly [name: string]: RegistryText }).flatMap(({ accounts }) => Object.keys(accounts)));
}
let ofAws: ReadonlySet<string> | undefined;

/** The domains that registries of Amazon ECR are in. */
export const domainsOfEcr = (): readonly string[] => URL_SUFFIXES;
