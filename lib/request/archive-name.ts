/** Whether an object is called as an archive of code is: by its ending, or as an asset of the CDK, of whose ending the last part is kept. */
export const isArchiveName = (fileName: string): boolean => /[^/]\.(tar\.gz|tgz)$|^[0-9a-f]{64}\.gz$/.test(fileName);
