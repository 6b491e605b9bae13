/** The example under three packs of cdk-nag: `npx cdk synth --app 'npx tsx --tsconfig examples/platform-team/tsconfig.json examples/platform-team/nag.ts'`. */
import { checkedByNag } from '../nag';
import { app as plain } from './app';

export const app = checkedByNag(plain);
