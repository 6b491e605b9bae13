import { Deserializer } from './deserializer';
import { PredictorError } from './errors';
import { Serializer } from './serializer';

/** What the command line calls them. */
const SERIALIZERS: { readonly [name: string]: () => Serializer<any> } = { json: () => Serializer.json(), jsonlines: () => Serializer.jsonLines(), csv: () => Serializer.csv(), libsvm: () => Serializer.libSvm(), numpy: () => Serializer.numpy() };
const DESERIALIZERS: { readonly [name: string]: () => Deserializer<any> } = { json: () => Deserializer.json(), jsonlines: () => Deserializer.jsonLines(), csv: () => Deserializer.csv(), numpy: () => Deserializer.numpy(), text: () => Deserializer.text() };

export const serializerNamed = (name: string) => named('--serializer', SERIALIZERS, name);
export const deserializerNamed = (name: string) => named('--deserializer', DESERIALIZERS, name);

function named<T>(option: string, table: { readonly [name: string]: () => T }, name: string): T {
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (known === undefined) { throw new PredictorError('UsageError', `${option} must be one of ${Object.keys(table).join(', ')}, got ${name}`); }
  return known();
}
