/** What a build sees of the environment: what compilers need. The rest may hold secrets of who grades. */

const KEPT: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR)$/,
  /^GO(PATH|ROOT|CACHE|MODCACHE|PROXY|SUMDB|FLAGS|TOOLCHAIN|PRIVATE|NOSUMDB)$/,
  /^(CARGO_HOME|RUSTUP_HOME|RUSTUP_TOOLCHAIN|JAVA_HOME|PYENV_[A-Z]+|VIRTUAL_ENV|VOLTA_HOME|NVM_DIR)$/,
  /^(https?_proxy|no_proxy|SSL_CERT_(FILE|DIR))$/i,
];
/** Places that another user can neither read nor write. */
const OF_HOME = /^(GOPATH|GOCACHE|GOMODCACHE|CARGO_HOME|USER|LOGNAME|TMPDIR)$/;

/** `home`: of another user, in place of that of who grades; null: there is no other. */
export function buildEnvironment(home: string | null): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    const isKept = KEPT.some((pattern) => pattern.test(name));
    if (value !== undefined && isKept && !(home !== null && OF_HOME.test(name))) kept[name] = value;
  }
  return home === null ? kept : { ...kept, HOME: home };
}
