import { failEachCall } from "../fail-each-call.ts";
import { rich, stepsOf } from "../scenarios.ts";

failEachCall("stop-and-image", await stepsOf(rich["stop-and-image"]));
