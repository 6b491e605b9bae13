/** The example under three packs of cdk-nag: `npx cdk synth --app 'npx tsx examples/retraining/nag.ts'`. */
import { checkedByNag } from '../nag';
import { app as plain } from './app';

export const app = checkedByNag(plain);
