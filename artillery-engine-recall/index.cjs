/**
 * Artillery requires engines by the name `artillery-engine-<name>`, as CommonJS classes; ours is an ES module. This package
 * stands between them: everything that happens is in `recall-emulator/artillery`.
 */
'use strict';

module.exports = class RecallEngine {
  /** @param script the whole Artillery script */
  constructor(script) {
    this.script = script;
  }

  createScenario(spec, events) {
    const ready = import('recall-emulator/artillery').then(({ createRecallScenario }) =>
      createRecallScenario(this.script, spec, events),
    );
    // Who waits for it is told; it is not an unhandled rejection before the first virtual user comes.
    ready.catch(() => {});
    return (context, callback) => {
      ready.then(
        (user) => user(context, callback),
        (error) => {
          events.emit('error', error.message);
          callback(error, context);
        },
      );
    };
  }
};
