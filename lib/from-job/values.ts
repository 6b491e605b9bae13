import { call, literal, type Code } from './code';

const UNITS = [['days', 86_400], ['hours', 3600], ['minutes', 60], ['seconds', 1]] as const;

/** In the largest unit that it is a whole number of. */
export function duration(seconds: unknown): Code | undefined {
  if (typeof seconds !== 'number') { return undefined; }
  const [unit, length] = UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? UNITS[3];
  return call(`Duration.${unit}`, literal(seconds / length));
}

export const milliseconds = (value: unknown): Code | undefined => (typeof value !== 'number' ? undefined : value >= 1000 && value % 1000 === 0 ? duration(value / 1000) : call('Duration.millis', literal(value)));

export const gibibytes = (value: unknown): Code | undefined => (typeof value === 'number' ? call('Size.gibibytes', literal(value)) : undefined);

/** In GiB where it is a whole number of them. */
export function mebibytes(value: unknown): Code | undefined {
  if (typeof value !== 'number') { return undefined; }
  return value >= 1024 && value % 1024 === 0 ? gibibytes(value / 1024) : call('Size.mebibytes', literal(value));
}

/** Members of enumerations, by their values. */
const ENUMS: { readonly [type: string]: { readonly [value: string]: string } } = {
  InputMode: { File: 'FILE', Pipe: 'PIPE', FastFile: 'FAST_FILE' },
  DataDistribution: { FullyReplicated: 'FULLY_REPLICATED', ShardedByS3Key: 'SHARDED_BY_S3_KEY' },
  InputCompression: { None: 'NONE', Gzip: 'GZIP' },
  RecordWrapper: { None: 'NONE', RecordIO: 'RECORD_IO' },
  FileSystemAccess: { ro: 'READ_ONLY', rw: 'READ_WRITE' },
  OutputCompression: { GZIP: 'GZIP', NONE: 'NONE' },
  ScalingType: { Auto: 'AUTO', Linear: 'LINEAR', Logarithmic: 'LOGARITHMIC', ReverseLogarithmic: 'REVERSE_LOGARITHMIC' },
  SplitType: { None: 'NONE', Line: 'LINE', RecordIO: 'RECORD_IO', TFRecord: 'TF_RECORD' },
  BatchStrategy: { MultiRecord: 'MULTI_RECORD', SingleRecord: 'SINGLE_RECORD' },
  AssembleWith: { None: 'NONE', Line: 'LINE' },
  JoinSource: { None: 'NONE', Input: 'INPUT' },
  PipelineExecution: { Serial: 'SERIAL', Direct: 'DIRECT' },
  CaptureMode: { Input: 'INPUT', Output: 'OUTPUT', InputAndOutput: 'INPUT_AND_OUTPUT' },
  ContainerLogLevel: { 10: 'DEBUG', 20: 'INFO', 30: 'WARNING', 40: 'ERROR', 50: 'CRITICAL' },
  CustomizationTechnique: { SFT: 'SFT', DPO: 'DPO', RLVR: 'RLVR', RLAIF: 'RLAIF' },
  ParameterEfficientFineTuning: { LORA: 'LORA' },
  EvaluationType: { LLMAJEvaluation: 'LLM_AS_JUDGE', CustomScorerEvaluation: 'CUSTOM_SCORER', BenchmarkEvaluation: 'BENCHMARK' },
  FeatureType: { numerical: 'NUMERICAL', categorical: 'CATEGORICAL', text: 'TEXT' },
  TextGranularity: { token: 'TOKEN', sentence: 'SENTENCE', paragraph: 'PARAGRAPH' },
  TextLanguage: {
    af: 'AFRIKAANS', sq: 'ALBANIAN', ar: 'ARABIC', hy: 'ARMENIAN', eu: 'BASQUE', bn: 'BENGALI', bg: 'BULGARIAN', ca: 'CATALAN', zh: 'CHINESE', hr: 'CROATIAN', cs: 'CZECH',
    da: 'DANISH', nl: 'DUTCH', en: 'ENGLISH', et: 'ESTONIAN', fi: 'FINNISH', fr: 'FRENCH', de: 'GERMAN', el: 'GREEK', gu: 'GUJARATI', he: 'HEBREW', hi: 'HINDI', hu: 'HUNGARIAN',
    is: 'ICELANDIC', id: 'INDONESIAN', ga: 'IRISH', it: 'ITALIAN', kn: 'KANNADA', ky: 'KYRGYZ', lv: 'LATVIAN', lij: 'LIGURIAN', lt: 'LITHUANIAN', lb: 'LUXEMBOURGISH',
    mk: 'MACEDONIAN', ml: 'MALAYALAM', mr: 'MARATHI', xx: 'MULTI_LANGUAGE', ne: 'NEPALI', nb: 'NORWEGIAN_BOKMAL', fa: 'PERSIAN', pl: 'POLISH', pt: 'PORTUGUESE', ro: 'ROMANIAN',
    ru: 'RUSSIAN', sa: 'SANSKRIT', sr: 'SERBIAN', tn: 'SETSWANA', si: 'SINHALA', sk: 'SLOVAK', sl: 'SLOVENIAN', es: 'SPANISH', sv: 'SWEDISH', tl: 'TAGALOG', ta: 'TAMIL',
    tt: 'TATAR', te: 'TELUGU', tr: 'TURKISH', uk: 'UKRAINIAN', ur: 'URDU', yo: 'YORUBA',
  },
};

/** The member that has a value; undefined for a value that this version does not know, which an override says then. */
export function member(type: keyof typeof ENUMS & string, value: unknown): Code | undefined {
  const values = ENUMS[type]!;
  return value !== undefined && Object.hasOwn(values, String(value)) ? { text: `${type}.${values[String(value)]!}` } : undefined;
}

/** A value with what it stands for, where the library can say it. */
export const told = (type: keyof typeof ENUMS & string, value: unknown): unknown => (member(type, value) ? value : undefined);
