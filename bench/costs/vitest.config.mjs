/** Runs `meeting-tests.mjs` as a user's project does: what it tests is a package, and in this process, whose time is counted. */
export default {
  test: {
    include: ['bench/costs/meeting-tests.mjs'],
    pool: 'threads',
    reporters: ['dot'],
    server: { deps: { external: [/\/dist\//] } },
  },
};
