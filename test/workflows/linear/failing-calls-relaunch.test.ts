import { doubtful, failEachCall } from "../fail-each-call.ts";
import { rich, stepsOf } from "../../../local/lab/scenarios.ts";

const steps = await stepsOf(rich.relaunch);
const [, relaunch] = steps.filter(({ operation }) => operation === "RunInstances");

/** Up to there it is a stop-and-image switch like any other. */
failEachCall(
  rich.relaunch,
  steps.filter(({ nth }) => nth >= (relaunch?.nth ?? 0)),
  doubtful,
);
