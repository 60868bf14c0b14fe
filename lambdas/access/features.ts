/** What a customer can grant us, each a part of the role of its own. A feature without calls has no part yet. */
export const features = [
  "read",
  "linear",
  "cluster",
  "kubernetes",
  "events",
  "waste",
  "enforce",
  "notices",
] as const;
export type Feature = (typeof features)[number];
