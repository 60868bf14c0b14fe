import { failEachCall } from "../fail-each-call.ts";
import { rich, stepsOf } from "../../../local/lab/scenarios.ts";

const options = rich["move-root-volume"];

failEachCall(options, await stepsOf(options));
