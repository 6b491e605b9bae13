/** A JSONPath as batch transform filters have it: `$`, `.name`, `['name','other']`, `[0,-1,2:5]`, `[*]` and `.*`. */
export const RECORD_PATH = /^\$(?:\.?\[(?:'[^']+'(?:\s*,\s*'[^']+')*|(?:\*|-?\d+|-?\d*:-?\d*)(?:\s*,\s*(?:\*|-?\d+|-?\d*:-?\d*))*)\]|\.\*|\.[^.[\]*'\s]+)*$/;
