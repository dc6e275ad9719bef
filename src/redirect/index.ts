/**
 * `recall-emulator/redirect`: an app that names `https://us-west-2.recall.ai` reaches the mock, unchanged. For
 * `node --require recall-emulator/redirect` and `node --import recall-emulator/redirect`; the variables that it reads are in `preload.cts`.
 */
import './preload.cts';
