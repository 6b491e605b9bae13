export * from './landing-zone';
export * from './platform-team';
export * from './secure-training-job';
