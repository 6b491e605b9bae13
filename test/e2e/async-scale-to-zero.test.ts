import { join } from 'node:path';
import { Deserializer, Predictor, Serializer } from '../../lib/predictor';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'async-scale-to-zero');
const STACK = 'Sensors';
const MINUTES = 60_000;

/** A machine that runs as it should, but for the 30th second. */
const recording = Array.from({ length: 60 }, (_, second) => [second, 41.5, second === 30 ? 4.2 : 1.05]);

describeWithMinistack('The CDK\'s own command line, with examples/async-scale-to-zero', (cli) => {
  let app: AppFolder;
  let output: string;

  const outputOf = (name: string) => new RegExp(`${STACK}\\.${name} = (\\S+)`).exec(output)?.[1] ?? '';
  const predictor = () => new Predictor(outputOf('EndpointName'), { ...cli().runtime, serializer: Serializer.csv(), deserializer: Deserializer.json() });

  test('deploys, and a request that is put into S3 is answered there', async () => {
    app = new AppFolder(cli(), 'sensors', EXAMPLE);
    output = await app.deployed();
    const bucket = outputOf('BucketName');
    const prediction = await predictor().predictAsync({ data: recording, upload: `s3://${bucket}/recordings/` });
    expect(prediction.outputLocation).toMatch(new RegExp(`^s3://${bucket}/answers/`));
    expect(await prediction.wait({ timeoutSeconds: 60, pollSeconds: 0.2 })).toEqual([30]);
  }, 10 * MINUTES);

  test('says below another prefix why a request could not be answered', async () => {
    const prediction = await predictor().predictAsync({ data: [['no', 'numbers', 'here']], upload: `s3://${outputOf('BucketName')}/recordings/` });
    expect(prediction.failureLocation).toContain('/failures/');
    await expect(prediction.wait({ timeoutSeconds: 60, pollSeconds: 0.2 })).rejects.toThrow(/could not convert string to float/);
  }, 2 * MINUTES);

  test('destroys', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
  }, 3 * MINUTES);
});
