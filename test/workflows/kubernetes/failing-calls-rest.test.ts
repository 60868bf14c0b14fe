/** The second half of the harms; the matrix itself is held against what is declared in failing-calls.test.ts. */
import { nodeHarms } from "../../../local/lab/node-harm.ts";
import { testHarms } from "./failing-days.ts";

testHarms(nodeHarms.slice(nodeHarms.length / 2));
