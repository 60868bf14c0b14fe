/** Says of a refusal that what stands against the call is not shown yet: readings catch up later than the calls that they tell of. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Refused } from "./translate-error.ts";

export const notShownYet = ({ error }: Refused): SpotOptimizerError =>
  new SpotOptimizerError(
    "RetryableNotVisible",
    `${error.message} EC2 does not show yet what stands against it.`,
    { cause: error },
  );
