import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Channel, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { runProcess, type Running } from '../running';
import { JobFailure } from './failure-reason';
import { channelsOf, shareOf, type Host } from './hosts';
import type { Machine } from './machine';
import type { OptMl } from './opt-ml';
import { objectsOf, type S3Source } from './s3-source';

export const inputModeOf = (request: CreateTrainingJobRequest, channel: Channel) => channel.InputMode ?? request.AlgorithmSpecification?.TrainingInputMode;

/**
 * Feeds the channels of a host that are in Pipe mode: a program reads the objects, one after the other, from the pipe
 * `<channel>_0`, from `<channel>_1` the next time, and so on.
 *
 * @returns who feeds; to be ended with the program
 * @throws JobFailure when there are no objects
 */
export async function feedPipes({ s3 }: Machine, request: CreateTrainingJobRequest, host: Host, hosts: readonly Host[], ml: OptMl): Promise<Running[]> {
  const feeders: Running[] = [];
  for (const channel of channelsOf(request, host).filter((each) => inputModeOf(request, each) === 'Pipe')) {
    const name = channel.ChannelName as string;
    const share = shareOf(channel, host, hosts) ?? { index: 0, of: 1 };
    const objects = (await objectsOf(s3, channel.DataSource?.S3DataSource as S3Source)).filter((_, index) => index % share.of === share.index);
    const files = objects.map(({ bucket, key }) => s3.pathOf(bucket, key));
    const isGzip = channel.CompressionType === 'Gzip';
    const list = join(ml.temporary, `${name}.list`);
    const wrapped = channel.RecordWrapperType === 'RecordIO' ? [await recordsOf(files, isGzip, join(ml.temporary, `${name}.records`))] : undefined;
    await writeFile(list, (wrapped ?? files).map((file) => `${file}\0`).join(''));
    await promisify(execFile)('mkfifo', ['-m', '666', `${ml.channel(name)}_0`]);
    feeders.push(runProcess(['/bin/sh', '-c', FEED, 'feed', ml.channel(name), list, ...isGzip && wrapped === undefined ? ['gzip', '-dc'] : ['cat']], { cwd: '/', env: process.env }));
  }
  return feeders;
}

/** Only to a pipe, which a program could replace by a link. The next pipe is there before the reader of this one sees its end. A reader that has had enough ends what writes to it. */
const FEED = `prefix="$1"; list="$2"; shift 2; epoch=0
while [ -p "\${prefix}_$epoch" ] && [ ! -L "\${prefix}_$epoch" ] && exec 3> "\${prefix}_$epoch"; do
  mkfifo -m 666 "\${prefix}_$((epoch + 1))"
  xargs -0 "$@" < "$list" >&3
  exec 3>&-
  rm -f "\${prefix}_$epoch"
  epoch=$((epoch + 1))
done`;

/** Each object as a record of the RecordIO format, in a file. */
async function recordsOf(files: readonly string[], isGzip: boolean, to: string): Promise<string> {
  const records: Buffer[] = [];
  for (const file of files) {
    const content = await readFile(file);
    const data = isGzip ? gunzipSync(content) : content;
    if (data.length >= LONGEST_RECORD) { throw new JobFailure(`ClientError: An object of ${data.length} bytes can't be a RecordIO record`); }
    const head = Buffer.alloc(8);
    head.writeUInt32LE(RECORD_MAGIC);
    head.writeUInt32LE(data.length, 4);
    records.push(head, data, Buffer.alloc((4 - data.length % 4) % 4));
  }
  await writeFile(to, Buffer.concat(records));
  return to;
}

const RECORD_MAGIC = 0xced7230a;
/** Three bits of the length say which part of a longer record it is. */
const LONGEST_RECORD = 2 ** 29;
