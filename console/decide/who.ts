/** Who has asked or decided, short: the whole name stands in its title. */

/** `arn:aws:sts::444455556666:assumed-role/Deployer/anna` → `Deployer/anna`; a name that nobody checked stays as it is. */
export const whoOf = (name: string): string =>
  name.startsWith("arn:")
    ? (name.split(":").at(-1) ?? name).replace(/^(?:assumed-role|role|user)\//, "")
    : name;
