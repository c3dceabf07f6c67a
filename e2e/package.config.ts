/** Tests of the npm package, installed into applications as usual. Run by `cargo xtask test --only package`. */
import base from './playwright.config.ts';

export default { ...base, testDir: 'package', globalSetup: undefined };
