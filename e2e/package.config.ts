/** The npm package, installed by applications as anybody would. Run by `cargo xtask test --only package`. */
import base from './playwright.config.ts';

export default { ...base, testDir: 'package', globalSetup: undefined };
