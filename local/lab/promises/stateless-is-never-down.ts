/** Each Elastic IP and target group of a stateless load is served at every instant by an instance that has passed its checks. */
import type { Promised } from "./promise.ts";

export const statelessIsNeverDown: Promised = {
  atMoment: ({ unserved }, { subject, excused }) =>
    subject.isStateless && excused.size === 0
      ? unserved.map((id) => `nobody healthy serves ${id}`)
      : [],
};
