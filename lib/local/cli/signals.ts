/** Exit codes as shells have them: 128 and the number of the signal. */
export const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Does something before a signal ends the command; the answer takes it back. */
export function onSignal(work: () => void): () => void {
  const listeners = Object.entries(SIGNALS).map(([signal, exitCode]) => {
    const leave = () => {
      work();
      process.exit(exitCode);
    };
    process.once(signal, leave);
    return [signal, leave] as const;
  });
  return () => listeners.forEach(([signal, leave]) => process.removeListener(signal, leave));
}
