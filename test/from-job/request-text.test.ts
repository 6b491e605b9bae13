import { TextLanguage } from '../../lib/explainer-options';
import { written, type KindName } from '../../lib/from-job';
import type { Tree } from '../../lib/from-job/tree';
import { member } from '../../lib/from-job/values';
import { IMAGES, requestsOf, stackOf } from '../support/from-job';
import { TARGET } from './fixtures';

const program = (kind: KindName, request: Tree) => written([{ kind, request }], IMAGES, TARGET).code;
const variant = (VariantName: string, more: Tree = {}): Tree => ({ VariantName, ModelName: 'digits', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1, ...more });
const explained = (TextConfig: Tree): Tree => ({
  EndpointConfigName: 'digits-config', ProductionVariants: [variant('one')],
  ExplainerConfig: { ClarifyExplainerConfig: { ShapConfig: { ShapBaselineConfig: { MimeType: 'text/csv', ShapBaseline: '0.5,1' }, TextConfig } } },
});

test('the language of an explainer is a member of its enumeration, and text that is none is refused, never written as code', () => {
  expect(program('EndpointConfig', explained({ Language: 'en', Granularity: 'token' }))).toContain('TextLanguage.ENGLISH');
  for (const Language of ['\' + process.exit(1) + \'', 'constructor', '__proto__', 'tlh']) {
    expect(() => program('EndpointConfig', explained({ Language, Granularity: 'token' }))).toThrow(`TextConfig.Language: ${JSON.stringify(Language)} is none that the library knows`);
  }
  expect(() => program('EndpointConfig', explained({ Language: 'en', Granularity: 'toString' }))).toThrow('TextConfig.Granularity: "toString" is none');
});

test('all languages of the library are known', () => {
  expect(Object.values(TextLanguage).map((language) => member('TextLanguage', language))).toEqual(Object.keys(TextLanguage).map((name) => ({ text: `TextLanguage.${name}` })));
});

test('values that are called like what every object has are no members of enumerations', () => {
  for (const value of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) { expect(member('InputMode', value)).toBeUndefined(); }
});

test('what no prop says is said of the variant that has it, also where names are numbers', () => {
  const scaled = (VariantName: string, more: Tree = {}) => variant(VariantName, { InstanceType: `ml.m5.${VariantName === '2' ? 'large' : 'xlarge'}`, ...more });
  const request = {
    EndpointConfigName: 'digits-config', ProductionVariants: [scaled('a', { Newer: 'of a' }), scaled('2', { Newer: 'of 2' }), scaled('b'), scaled('0', { InitialVariantWeight: 3 })],
  };
  const [made] = requestsOf(stackOf(program('EndpointConfig', request), TARGET)).filter(({ kind }) => kind === 'EndpointConfig');
  expect(Object.fromEntries((made!.request.ProductionVariants as Tree[]).map(({ VariantName, InstanceType, Newer }) => [VariantName, [InstanceType, Newer]])))
    .toEqual({ a: ['ml.m5.xlarge', 'of a'], 2: ['ml.m5.large', 'of 2'], b: ['ml.m5.xlarge', undefined], 0: ['ml.m5.xlarge', undefined] });
});
