/** What a preflight takes: calls in the customer's account, and seconds. */
import type { PreflightPlace } from "../../../model/preflight.ts";

export interface Estimate {
  readonly calls: number;
  readonly seconds: number;
}

/** Lists of a region of up to a thousand instances, each to its end; every further thousand adds a page to some. */
const callsOfReading = 12;
const secondsOfReading = 20;

/** Two attributes and a dry run of RunInstances. */
const callsOfLook = 3;

/** A quarter of EC2's two RunInstances a second is ours. Source: EC2 developer guide, "Request throttling for the Amazon EC2 API". */
const secondsOfLook = 2;

const ofPlace = ({ status, toLookAt, lookedAt }: PreflightPlace): Estimate => {
  switch (status) {
    case "WAITING":
      return { calls: callsOfReading, seconds: secondsOfReading };
    case "LOOKING":
      return {
        calls: (toLookAt - lookedAt) * callsOfLook,
        seconds: (toLookAt - lookedAt) * secondsOfLook,
      };
    case "DONE":
    case "FAILED":
      return { calls: 0, seconds: 0 };
  }
};

/** What is still to come, as far as it is known: regions are read side by side, and until its lists are read nobody knows what would switch. */
export const estimateOf = (places: readonly PreflightPlace[]): Estimate => {
  const each = places.map(ofPlace);
  return {
    calls: each.reduce((sum, { calls }) => sum + calls, 0),
    seconds: Math.max(0, ...each.map(({ seconds }) => seconds)),
  };
};
