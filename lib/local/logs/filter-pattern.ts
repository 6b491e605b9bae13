import { ServiceError } from '../service-error';

/**
 * A filter pattern of unstructured text: all the terms, any of those with a `?`, none of those with a `-`; a term in quotes
 * may have spaces.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws ServiceError for patterns of JSON, of columns, and regular expressions, which are not matched here
 */
export function filterOf(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) { throw new ServiceError('InvalidParameterException', `Not supported by the local AWS: filter pattern ${text}`); }
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({ sign, term: quoted?.replace(/\\(.)/g, '$1') ?? bare as string }));
  const termsWith = (sign: string) => terms.filter((each) => each.sign === sign).map(({ term }) => term);
  const [all, any, none] = [termsWith(''), termsWith('?'), termsWith('-')];
  return (message) => all.every((term) => message.includes(term))
    // AWS leaves the optional terms out of account where there are required ones.
    && (any.length === 0 || all.length > 0 || any.some((term) => message.includes(term)))
    && !none.some((term) => message.includes(term));
}
