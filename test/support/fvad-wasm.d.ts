/** The package has no types: WebRTC's voice activity detector as an Emscripten module; what the tests use of it. */
declare module '@echogarden/fvad-wasm' {
  interface Fvad {
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    _fvad_set_sample_rate(detector: number, hertz: number): number;
    _fvad_set_mode(detector: number, mode: number): number;
    /** 1 for speech, 0 for none. */
    _fvad_process(detector: number, pointer: number, samples: number): number;
  }
  const load: () => Promise<Fvad>;
  // biome-ignore lint/style/noDefaultExport: it is what the package has
  export default load;
}
