import { join } from 'node:path';
import { LocalSsm } from '../../../lib/local/ssm/local-ssm';
import { folderWith } from '../../support/folders';
import { VirtualClock } from '../../support/virtual-clock';

const ssmIn = (folder: string) => new LocalSsm({ file: join(folder, 'ssm.json'), clock: new VirtualClock(), region: 'us-east-1', accountId: '123456789012', given: (name) => (name === '/given' ? '30' : undefined) });
const ssmWith = () => ssmIn(folderWith({}));
const put = (ssm: LocalSsm, Name: string, Value: string, more: object = {}) => ssm.call('PutParameter', { Name, Value, Type: 'String', ...more });
const parameter = async (ssm: LocalSsm, Name: string) => (await ssm.call('GetParameter', { Name })).Parameter;

test('a parameter is put, overwritten and read, by version too; a new one on the folder knows it', async () => {
  const folder = folderWith({});
  const ssm = ssmIn(folder);
  expect(await put(ssm, '/models/best', 's3://a')).toEqual({ Version: 1, Tier: 'Standard' });
  expect(await ssm.call('PutParameter', { Name: '/models/best', Value: 's3://b', Overwrite: true })).toEqual({ Version: 2, Tier: 'Standard' });
  for (const each of [ssm, ssmIn(folder)]) {
    expect(await parameter(each, '/models/best')).toEqual({ Name: '/models/best', Type: 'String', Value: 's3://b', Version: 2, LastModifiedDate: new Date('2026-01-01'), ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/models/best', DataType: 'text' });
    expect(await parameter(each, '/models/best:1')).toMatchObject({ Value: 's3://a', Version: 1, Selector: ':1' });
    expect(await parameter(each, 'arn:aws:ssm:us-east-1:123456789012:parameter/models/best')).toMatchObject({ Value: 's3://b' });
  }
});

test('what is not there is said so', async () => {
  const ssm = ssmWith();
  await put(ssm, 'plain', 'x');
  await expect(parameter(ssm, '/none')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(parameter(ssm, 'plain:7')).rejects.toMatchObject({ name: 'ParameterVersionNotFound', message: 'Systems Manager could not find version 7 of plain. Verify the version and try again.' });
  expect(await ssm.call('GetParameters', { Names: ['plain', '/none', '/given'] })).toMatchObject({ Parameters: [{ Name: 'plain' }, { Name: '/given', Value: '30' }], InvalidParameters: ['/none'] });
  await ssm.call('DeleteParameter', { Name: 'plain' });
  await expect(ssm.call('DeleteParameter', { Name: 'plain' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(ssm.call('DescribeParameters', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test.each<[string, object, string, string]>([
  ['one that is there, without Overwrite', {}, 'ParameterAlreadyExists', 'overwrite'], ['one without a type', { Name: '/new', Type: undefined }, 'ValidationException', 'type is required'],
  ['a secret', { Name: '/new', Type: 'SecureString' }, 'ValidationException', 'Not supported by the local AWS: a parameter of Type SecureString'], ['what its pattern forbids', { Value: 'x', Overwrite: true }, 'ParameterPatternMismatchException', 's3://'],
  ['too long a value', { Name: '/new', Value: 'x'.repeat(4097) }, 'ValidationException', '4096'], ['a name that is none', { Name: '/a//b' }, 'ValidationException', 'name'], ['policies', { Name: '/new', Policies: '[]' }, 'ValidationException', 'Policies'],
])('%s is refused', async (_, input, name, message) => {
  const ssm = ssmWith();
  await put(ssm, '/a', 's3://x', { AllowedPattern: '^s3://' });
  await expect(put(ssm, '/a', 's3://y', input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});
