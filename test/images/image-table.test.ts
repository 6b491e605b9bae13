import { frameworks, scopesOf, sectionOf } from '../../lib/images/image-table';
import TABLE from '../../lib/images/image-table.json';
import { accountsOf } from '../../lib/images/registry';

const sections = Object.keys(TABLE).flatMap((name) => scopesOf(name).scopes.map((scope) => ({ name: `${name}, ${scope}`, section: sectionOf(name, scope) })));

describe('The table of images', () => {
  test('knows 61 frameworks and algorithms by name, and 4 more by other ways', () => {
    expect(frameworks()).toHaveLength(61);
    expect(Object.keys(TABLE)).toHaveLength(65);
  });

  test('reads a version, its other names and its Python from one line', () => {
    const entry = sectionOf('pytorch', 'training').entries.find(({ version }) => version === '2.6.0');
    expect(entry).toMatchObject({ repository: 'pytorch-training', registry: 'dlc/pytorch-late', pyVersions: ['py312'], processors: ['cpu', 'gpu'], sdkVersions: [], containers: {} });
    expect(sectionOf('pytorch', 'training').aliases.get('2.6')).toBe('2.6.0');
  });

  test('reads both versions of Hugging Face, the container by processor, and the Neuron SDK', () => {
    expect(sectionOf('huggingface', 'inference').entries.find(({ version }) => version === '4.51.3')).toMatchObject({ base: 'pytorch2.6.0', containers: { gpu: 'cu124-ubuntu22.04', cpu: 'ubuntu22.04' } });
    expect(sectionOf('huggingface', 'inference').aliases.get('4.51.3 pytorch2.6')).toBe('pytorch2.6.0');
    expect(sectionOf('huggingface-neuron', 'inference').entries[0]).toMatchObject({ containers: { inf: 'ubuntu18.04' }, sdkVersions: ['sdk1.17.1'] });
  });

  test.each(sections)('has a registry for each image and a listed version for each other name ($name)', ({ section }) => {
    expect(section.entries.map(({ registry }) => Object.keys(accountsOf(registry)).length)).not.toContain(0);
    expect(section.entries.map(({ repository }) => repository).filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([]);
    const names = new Set([...section.versions, ...section.entries.map(({ base }) => base)]);
    expect([...section.aliases.values()].filter((name) => !names.has(name))).toEqual([]);
  });
});
