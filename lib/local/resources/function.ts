import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical, Properties } from '../cloudformation/stack-record';
import type { FunctionConfiguration } from '../lambda/function-process';
import type { S3Folder } from '../s3-folder';
import { unpack } from '../zip';
import type { LocalServices } from './services';

/** A function whose code really runs, if it is for Node.js; the others are written down and refuse to be invoked. */
export function functionType({ functions, s3, codeFolder }: LocalServices): ResourceType {
  const put = async (request: ResourceRequest, name: string): Promise<Physical> => {
    const { stack: { partition, region, account } } = request;
    const arn = `arn:${partition}:lambda:${region}:${account}:function:${name}`;
    await functions.put(await configurationOf(request.properties, name, arn, s3, codeFolder));
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return {
    replaces: whenChanged('FunctionName', 'PackageType'),
    create: (request) => put(request, String(request.properties.FunctionName ?? request.generatedName(64))),
    update: (request, { physicalId }) => put(request, physicalId),
    restore: async (request, { physicalId }) => { await put(request, physicalId); },
    delete: (_, { attributes }) => functions.delete(String(attributes.Arn)),
  };
}

async function configurationOf(properties: Properties, name: string, arn: string, s3: S3Folder, codeFolder: string): Promise<FunctionConfiguration> {
  const environment = (properties.Environment as { Variables?: { [name: string]: unknown } } | undefined)?.Variables ?? {};
  return {
    name, arn,
    codeFolder: await codeOf((properties.Code ?? {}) as Properties, s3, codeFolder),
    handler: String(properties.Handler ?? ''),
    runtime: String(properties.Runtime ?? 'an image'),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMB: Number(properties.MemorySize ?? 128),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
  };
}

/** The folder of the code, unpacked once for each content. */
async function codeOf(code: Properties, s3: S3Folder, codeFolder: string): Promise<string> {
  if (code.ZipFile !== undefined) {
    const text = String(code.ZipFile);
    return once(join(codeFolder, hash(text)), (folder) => writeFile(join(folder, 'index.js'), text));
  }
  if (code.S3Bucket === undefined) { return codeFolder; }
  const archive = await s3.get(String(code.S3Bucket), String(code.S3Key)).catch((error: Error) => {
    throw new Error(`Error occurred while GetObject. S3 Error Message: ${error.message} (${String(code.S3Bucket)}/${String(code.S3Key)})`);
  });
  return once(join(codeFolder, hash(archive)), (folder) => unpack(archive, folder));
}

const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex').slice(0, 32);

async function once(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  if (await stat(folder).then(() => true, () => false)) { return folder; }
  const partial = join(dirname(folder), `partial-${randomBytes(6).toString('hex')}`);
  await mkdir(partial, { recursive: true });
  await fill(partial);
  // Another function with the same code may have been quicker.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  return folder;
}
