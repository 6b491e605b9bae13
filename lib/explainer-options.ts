import type { Size } from 'aws-cdk-lib/core';
import type { ShapBaseline } from './shap-baseline';

/** What the values of a feature are. */
export enum FeatureType {
  /** Numbers. */
  NUMERICAL = 'numerical',
  /** One of some words. */
  CATEGORICAL = 'categorical',
  /** Text. */
  TEXT = 'text',
}

/** What of a text is explained as one feature. */
export enum TextGranularity {
  /** A word, or the like. */
  TOKEN = 'token',
  /** A sentence. */
  SENTENCE = 'sentence',
  /** A paragraph. */
  PARAGRAPH = 'paragraph',
}

/** The language of texts that are explained. */
export enum TextLanguage {
  /** Afrikaans. */
  AFRIKAANS = 'af',
  /** Albanian. */
  ALBANIAN = 'sq',
  /** Arabic. */
  ARABIC = 'ar',
  /** Armenian. */
  ARMENIAN = 'hy',
  /** Basque. */
  BASQUE = 'eu',
  /** Bengali. */
  BENGALI = 'bn',
  /** Bulgarian. */
  BULGARIAN = 'bg',
  /** Catalan. */
  CATALAN = 'ca',
  /** Chinese. */
  CHINESE = 'zh',
  /** Croatian. */
  CROATIAN = 'hr',
  /** Czech. */
  CZECH = 'cs',
  /** Danish. */
  DANISH = 'da',
  /** Dutch. */
  DUTCH = 'nl',
  /** English. */
  ENGLISH = 'en',
  /** Estonian. */
  ESTONIAN = 'et',
  /** Finnish. */
  FINNISH = 'fi',
  /** French. */
  FRENCH = 'fr',
  /** German. */
  GERMAN = 'de',
  /** Greek. */
  GREEK = 'el',
  /** Gujarati. */
  GUJARATI = 'gu',
  /** Hebrew. */
  HEBREW = 'he',
  /** Hindi. */
  HINDI = 'hi',
  /** Hungarian. */
  HUNGARIAN = 'hu',
  /** Icelandic. */
  ICELANDIC = 'is',
  /** Indonesian. */
  INDONESIAN = 'id',
  /** Irish. */
  IRISH = 'ga',
  /** Italian. */
  ITALIAN = 'it',
  /** Kannada. */
  KANNADA = 'kn',
  /** Kyrgyz. */
  KYRGYZ = 'ky',
  /** Latvian. */
  LATVIAN = 'lv',
  /** Ligurian. */
  LIGURIAN = 'lij',
  /** Lithuanian. */
  LITHUANIAN = 'lt',
  /** Luxembourgish. */
  LUXEMBOURGISH = 'lb',
  /** Macedonian. */
  MACEDONIAN = 'mk',
  /** Malayalam. */
  MALAYALAM = 'ml',
  /** Marathi. */
  MARATHI = 'mr',
  /** Several languages. */
  MULTI_LANGUAGE = 'xx',
  /** Nepali. */
  NEPALI = 'ne',
  /** Norwegian Bokmal. */
  NORWEGIAN_BOKMAL = 'nb',
  /** Persian. */
  PERSIAN = 'fa',
  /** Polish. */
  POLISH = 'pl',
  /** Portuguese. */
  PORTUGUESE = 'pt',
  /** Romanian. */
  ROMANIAN = 'ro',
  /** Russian. */
  RUSSIAN = 'ru',
  /** Sanskrit. */
  SANSKRIT = 'sa',
  /** Serbian. */
  SERBIAN = 'sr',
  /** Setswana. */
  SETSWANA = 'tn',
  /** Sinhala. */
  SINHALA = 'si',
  /** Slovak. */
  SLOVAK = 'sk',
  /** Slovenian. */
  SLOVENIAN = 'sl',
  /** Spanish. */
  SPANISH = 'es',
  /** Swedish. */
  SWEDISH = 'sv',
  /** Tagalog. */
  TAGALOG = 'tl',
  /** Tamil. */
  TAMIL = 'ta',
  /** Tatar. */
  TATAR = 'tt',
  /** Telugu. */
  TELUGU = 'te',
  /** Turkish. */
  TURKISH = 'tr',
  /** Ukrainian. */
  UKRAINIAN = 'uk',
  /** Urdu. */
  URDU = 'ur',
  /** Yoruba. */
  YORUBA = 'yo',
}

/** How texts are taken apart. */
export interface TextExplanationOptions {
  /** What of a text is one feature. */
  readonly granularity: TextGranularity;
  /** The language. */
  readonly language: TextLanguage;
}

/** How SageMaker Clarify explains answers. */
export interface ClarifyExplainerOptions {
  /** The records that others are compared with. */
  readonly baseline: ShapBaseline;
  /**
   * Which answers are explained: a JMESPath expression of a record of the answer that is true or false; 1 to 64 characters. A request may say otherwise.
   *
   * @default - all
   */
  readonly enableExplanations?: string;
  /**
   * How many samples SHAP makes of a record; at least 1. More take longer.
   *
   * @default - the service decides
   */
  readonly numberOfSamples?: number;
  /**
   * Whether explanations are of log-odds and not of probabilities.
   *
   * @default false
   */
  readonly useLogit?: boolean;
  /**
   * Where chance begins, so that the same request gets the same explanation; a whole number.
   *
   * @default - another for each request
   */
  readonly seed?: number;
  /**
   * How texts are taken apart. For models of text.
   *
   * @default - there are no texts
   */
  readonly text?: TextExplanationOptions;
  /**
   * Where the features are in a request in JSON Lines: a JMESPath expression of 1 to 64 characters.
   *
   * @default - a request is the list of its features
   */
  readonly featuresAttribute?: string;
  /**
   * What requests in JSON Lines look like, with `$features` where the features are, for instance `'{"features":$features}'`; 1 to 64 characters.
   *
   * @default - requests are CSV
   */
  readonly contentTemplate?: string;
  /**
   * How many records the container takes in a request; at least 1.
   *
   * @default - Clarify finds out
   */
  readonly maxRecordCount?: number;
  /**
   * How long a request to the container may be, in whole MiB; 1 to 25 MiB.
   *
   * @default Size.mebibytes(6)
   */
  readonly maxPayload?: Size;
  /**
   * Where the probability is in an answer in CSV, counted from 0.
   *
   * @default - the answer is the probability
   */
  readonly probabilityIndex?: number;
  /**
   * Where the labels are in an answer in CSV, counted from 0.
   *
   * @default - there are none in it
   */
  readonly labelIndex?: number;
  /**
   * Where the probability is in an answer in JSON Lines: a JMESPath expression of 1 to 64 characters.
   *
   * @default - the answer is the probability
   */
  readonly probabilityAttribute?: string;
  /**
   * Where the labels are in an answer in JSON Lines: a JMESPath expression of 1 to 64 characters.
   *
   * @default - there are none in it
   */
  readonly labelAttribute?: string;
  /**
   * The labels, where they are in no answer; 1 to 16 of 1 to 64 characters.
   *
   * @default - as they are in answers
   */
  readonly labelHeaders?: string[];
  /**
   * What the features are called in explanations; 1 to 256 of 1 to 64 characters.
   *
   * @default - they have no names
   */
  readonly featureHeaders?: string[];
  /**
   * What the features are, one for each; 1 to 256. Comes with `text`, and at least one is FeatureType.TEXT.
   *
   * @default - as the baseline looks
   */
  readonly featureTypes?: FeatureType[];
}
