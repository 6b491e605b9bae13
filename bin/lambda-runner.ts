import { serveFunction } from '../lib/local/lambda/runner';

serveFunction();
