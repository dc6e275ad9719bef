/** Scripts of the audio thread, which are in the page like everything else. */

export async function addWorklet(context: AudioContext, script: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
