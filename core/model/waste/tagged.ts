/** What everything has that the waste scanner looks at. */

export interface Tagged {
  /** Its owner's, and those that AWS gives (`aws:…`). */
  readonly tags: Readonly<Record<string, string>>;
}
