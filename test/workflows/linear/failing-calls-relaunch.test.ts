import { failEachCall } from "../fail-each-call.ts";
import { rich, stepsOf } from "../scenarios.ts";

failEachCall("relaunch", await stepsOf(rich.relaunch));
