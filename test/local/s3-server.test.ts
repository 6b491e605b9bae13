import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3Folder } from '../../lib/local/s3-folder';
import { s3Listener } from '../../lib/local/s3-server';
import { hasPythonModule } from './support/python';

const folder = mkdtempSync(join(tmpdir(), 's3-server-'));
const s3 = new S3Folder(join(folder, 's3'));
const problems: string[] = [];
const server = createServer(s3Listener({ s3, uploadsFolder: join(folder, 'uploads'), log: (line) => problems.push(line) }));
let port = 0;

beforeAll(async () => {
  await s3.createBucket('bucket');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
});

async function ask(method: string, path: string, headers: Record<string, string> = {}, body: string | Buffer = ''): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, path, headers: { 'Content-Length': Buffer.byteLength(body), ...headers } });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) { chunks.push(chunk as Buffer); }
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString() };
}

describe('the local S3 on the wire', () => {
  test('gives back what was put, with its headers', async () => {
    const put = await ask('PUT', '/bucket/some/key.csv', { 'Content-Type': 'text/csv', 'x-amz-meta-Owner': 'me' }, 'a,b\n1,2\n');
    expect(put.headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
    const got = await ask('GET', '/bucket/some/key.csv');
    expect(got).toMatchObject({ status: 200, body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv', 'x-amz-meta-owner': 'me', 'content-length': '8', etag: put.headers.etag } });
    expect(await ask('HEAD', '/bucket/some/key.csv')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '8' } });
  });

  test('gives ranges', async () => {
    await s3.put('bucket', 'digits', '0123456789');
    const range = async (value: string) => {
      const { status, body, headers } = await ask('GET', '/bucket/digits', { Range: value });
      return [status, headers['content-range'], body.startsWith('<') ? '' : body];
    };
    expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await range('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('bytes=0-100')).toEqual([206, 'bytes 0-9/10', '0123456789']);
    expect((await range('bytes=10-'))[0]).toBe(416);
  });

  test.each([
    ['signed chunks', '5;chunk-signature=abc\r\nhello\r\n6;chunk-signature=def\r\n world\r\n0;chunk-signature=0\r\n\r\n'],
    ['a trailer', '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n'],
    ['neither', 'b\r\nhello world\r\n0\r\n\r\n'],
  ])('takes apart an aws-chunked upload with %s', async (_, body) => {
    const headers = { 'Content-Encoding': 'aws-chunked,gzip', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '11' };
    expect((await ask('PUT', '/bucket/chunked', headers, body)).status).toBe(200);
    expect(await ask('GET', '/bucket/chunked')).toMatchObject({ body: 'hello world', headers: { 'content-encoding': 'gzip' } });
  });

  test('takes apart an aws-chunked upload that arrives byte by byte', async () => {
    const outgoing = httpRequest({ host: '127.0.0.1', port, method: 'PUT', path: '/bucket/slowly', headers: { 'Content-Encoding': 'aws-chunked' } });
    for (const letter of 'a;chunk-signature=x\r\n0123\r\n6789\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n') {
      outgoing.write(letter);
      await new Promise(setImmediate);
    }
    outgoing.end();
    await once(outgoing, 'response');
    expect((await s3.get('bucket', 'slowly')).toString()).toBe('0123\r\n6789');
  });

  test('rejects an aws-chunked upload that is cut off or malformed, and keeps no part of it', async () => {
    const chunked = { 'Content-Encoding': 'aws-chunked' };
    expect(await ask('PUT', '/bucket/half', chunked, '5\r\nhel')).toMatchObject({ status: 400, body: expect.stringContaining('<Code>IncompleteBody</Code>') });
    expect(await ask('PUT', '/bucket/half', chunked, 'zz\r\nhel')).toMatchObject({ status: 400, body: expect.stringContaining('<Code>InvalidRequest</Code>') });
    expect((await ask('HEAD', '/bucket/half')).status).toBe(404);
  });

  test('answers errors as S3 does', async () => {
    expect(await ask('GET', '/bucket/none')).toMatchObject({ status: 404, body: expect.stringMatching(/<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>none<\/Key>/) });
    expect(await ask('GET', '/nowhere-at-all/none')).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchBucket</Code>') });
    expect(await ask('GET', '/bucket/digits?tagging')).toMatchObject({ status: 501, body: expect.stringContaining('<Code>NotImplemented</Code>') });
    expect(await ask('DELETE', '/bucket')).toMatchObject({ status: 409, body: expect.stringContaining('<Code>BucketNotEmpty</Code>') });
  });

  test('answers only to names of this machine', async () => {
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example']) {
      expect(await ask('GET', '/bucket/digits', { Host: host })).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') });
    }
    for (const host of ['localhost', `localhost:${port}`, '[::1]:80', 'bucket.localhost']) {
      expect((await ask('GET', '/bucket/digits', { Host: host })).status).toBe(200);
    }
  });

  test('keeps every key within its bucket', async () => {
    for (const path of ['/bucket/../../../x', '/bucket/%2e%2e/%2e%2e/x', '/bucket//etc/x', '/bucket/a%00b']) {
      expect((await ask('PUT', path, {}, 'x')).status).toBe(200);
      expect((await ask('GET', path)).body).toBe('x');
    }
    expect((await ask('PUT', '/../x', {}, 'x')).status).toBeGreaterThanOrEqual(400);
    expect((await ask('PUT', '/%2e%2e%2fup/x', {}, 'x')).status).toBeGreaterThanOrEqual(400);
  });
});

const boto = hasPythonModule('boto3');
(boto ? test : test.skip)(`works with boto3${boto ? '' : ' (skipped: python3 has no boto3)'}`, async () => {
  const program = `
import boto3, io
from botocore.config import Config
from botocore.exceptions import ClientError
s3 = boto3.client("s3", endpoint_url="http://127.0.0.1:${port}", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y", config=Config(retries={"max_attempts": 1}))
s3.create_bucket(Bucket="boto"); s3.head_bucket(Bucket="boto")
assert s3.get_bucket_location(Bucket="boto")["LocationConstraint"] is None
assert "boto" in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
for key in ["a/1", "a/2", "a/b/3", "c", "odd +&<>%/\\u00fc \\u2603"]:
    s3.put_object(Bucket="boto", Key=key, Body=key.encode(), ContentType="text/plain", Metadata={"k": "v"})
    got = s3.get_object(Bucket="boto", Key=key)
    assert got["Body"].read() == key.encode() and got["ContentType"] == "text/plain" and got["Metadata"] == {"k": "v"}
listed = s3.list_objects_v2(Bucket="boto", Prefix="a/", Delimiter="/")
assert [o["Key"] for o in listed["Contents"]] == ["a/1", "a/2"] and [p["Prefix"] for p in listed["CommonPrefixes"]] == ["a/b/"], listed
pages = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket="boto", PaginationConfig={"PageSize": 2}) for o in page["Contents"]]
assert pages == ["a/1", "a/2", "a/b/3", "c", "odd +&<>%/\\u00fc \\u2603"], pages
assert [o["Key"] for o in s3.list_objects(Bucket="boto")["Contents"]] == pages
s3.upload_fileobj(io.BytesIO(b"x" * 20_000_000), "boto", "large")
head = s3.head_object(Bucket="boto", Key="large")
assert head["ContentLength"] == 20_000_000 and head["ETag"].endswith('-3"'), head
target = io.BytesIO(); s3.download_fileobj("boto", "large", target); assert target.getvalue() == b"x" * 20_000_000
s3.copy_object(Bucket="boto", Key="copy", CopySource={"Bucket": "boto", "Key": "a/1"})
assert s3.get_object(Bucket="boto", Key="copy", Range="bytes=1-")["Body"].read() == b"/1"
upload = s3.create_multipart_upload(Bucket="boto", Key="aborted")["UploadId"]
s3.upload_part(Bucket="boto", Key="aborted", UploadId=upload, PartNumber=1, Body=b"1")
assert len(s3.list_parts(Bucket="boto", Key="aborted", UploadId=upload)["Parts"]) == 1
s3.abort_multipart_upload(Bucket="boto", Key="aborted", UploadId=upload)
def code(call, **arguments):
    try: call(**arguments)
    except ClientError as error: return error.response["Error"]["Code"]
assert code(s3.get_object, Bucket="boto", Key="none") == "NoSuchKey"
assert code(s3.head_object, Bucket="boto", Key="none") == "404"
assert code(s3.upload_part, Bucket="boto", Key="aborted", UploadId=upload, PartNumber=1, Body=b"1") == "NoSuchUpload"
deleted = s3.delete_objects(Bucket="boto", Delete={"Objects": [{"Key": key} for key in pages]})
assert len(deleted["Deleted"]) == 5
s3.delete_object(Bucket="boto", Key="large"); s3.delete_object(Bucket="boto", Key="copy"); s3.delete_object(Bucket="boto", Key="copy")
s3.delete_bucket(Bucket="boto")
assert code(s3.head_bucket, Bucket="boto") == "404"
print("fine")
`;
  const { stdout } = await promisify(execFile)('python3', ['-c', program]);
  expect(stdout).toBe('fine\n');
}, 60_000);
