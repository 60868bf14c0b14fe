import { doubtful, failEachCall } from "../fail-each-call.ts";
import { rich, stepsOf } from "../../../local/lab/scenarios.ts";

failEachCall(rich.stateless, await stepsOf(rich.stateless), doubtful);
