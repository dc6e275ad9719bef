/** The package has no types: WebRTC's voice activity detector as an Emscripten module. */
declare module '@echogarden/fvad-wasm' {
  const load: () => Promise<any>;
  export default load;
}
