import { describe, expect, it } from "@jest/globals";
import { patternOf, UnsupportedPattern } from "../../../../local/cloud/eventbridge/pattern.ts";
import { refusalOf } from "../ec2/world.ts";

const event = {
  source: "aws.ec2",
  account: "222233334444",
  resources: ["arn:aws:ec2:us-east-1a:instance/i-1", "arn:aws:ec2:us-east-1a:instance/i-2"],
  detail: { "instance-id": "i-1", state: "shutting-down", count: 3, gone: null, list: [] },
};

const takes = (pattern: Record<string, unknown>): boolean => patternOf(pattern)(event);

describe("an event pattern takes an event", () => {
  it.each<readonly [string, Record<string, unknown>, boolean]>([
    ["of an exact value", { source: ["aws.ec2"] }, true],
    ["of one of several values", { source: ["aws.fis", "aws.ec2"] }, true],
    ["not in another case", { source: ["AWS.ec2"] }, false],
    ["where every name holds", { source: ["aws.ec2"], account: ["1"] }, false],
    ["with a value within", { detail: { state: ["terminated", "shutting-down"] } }, true],
    ["not without that value within", { detail: { state: ["terminated"] } }, false],
    ["not with a number as a text", { detail: { count: ["3"] } }, false],
    ["with a number", { detail: { count: [3] } }, true],
    ["with null", { detail: { gone: [null] } }, true],
    ["not with null for what is not there", { detail: { never: [null] } }, false],
    ["by one element of a list", { resources: [{ prefix: "arn:aws:ec2" }] }, true],
    ["by a prefix", { detail: { "instance-id": [{ prefix: "i-" }] } }, true],
    ["not by another prefix", { detail: { "instance-id": [{ prefix: "j-" }] } }, false],
    ["not by a prefix of a number", { detail: { count: [{ prefix: "3" }] } }, false],
    ["that has a name", { detail: { state: [{ exists: true }] } }, true],
    ["that lacks a name", { detail: { never: [{ exists: false }] } }, true],
    ["that lacks a name within one that it lacks", { more: { never: [{ exists: false }] } }, true],
    ["not that lacks a name which it has", { detail: { state: [{ exists: false }] } }, false],
    ["with an empty list", { detail: { list: [{ exists: true }] } }, true],
    ["with anything but", { detail: { state: [{ "anything-but": "running" }] } }, true],
    ["not with that", { detail: { state: [{ "anything-but": ["shutting-down"] }] } }, false],
    ["not with anything but for what is not there", { never: [{ "anything-but": "x" }] }, false],
    ["with anything but a prefix", { source: [{ "anything-but": { prefix: "aws.a" } }] }, true],
    ["not with that prefix", { source: [{ "anything-but": { prefix: "aws." } }] }, false],
    ["by a value or an operator", { source: ["x", { prefix: "aws." }] }, true],
  ])("%s", (_, pattern, isTaken) => {
    expect(takes(pattern)).toBe(isTaken);
  });
});

describe("a pattern is refused", () => {
  it.each<readonly [string, Record<string, unknown>]>([
    ["that is empty", {}],
    ["with a value outside of a list", { source: "aws.ec2" }],
    ["with an empty list", { source: [] }],
    ["with a prefix that is not a text", { source: [{ prefix: 1 }] }],
    ["with two operators in one", { source: [{ prefix: "a", exists: true }] }],
    ["with an existence that is neither true nor false", { source: [{ exists: "yes" }] }],
  ])("%s, as EventBridge does", (_, pattern) => {
    expect(refusalOf(() => patternOf(pattern))).toBe("InvalidEventPatternException");
  });

  it.each<readonly [string, Record<string, unknown>]>([
    ["suffix", { source: [{ suffix: "2" }] }],
    ["numeric", { detail: { count: [{ numeric: [">", 1] }] } }],
    ["wildcard", { source: [{ wildcard: "aws.*" }] }],
    ["constructor", { source: [{ constructor: "x" }] }],
    ["anything-but suffix", { source: [{ "anything-but": { suffix: "2" } }] }],
    ["$or", { $or: [{ source: ["a"] }] }],
  ])("with %s by name: the simulated EventBridge does not know it", (operator, pattern) => {
    expect(() => patternOf(pattern)).toThrow(UnsupportedPattern);
    expect(() => patternOf(pattern)).toThrow(operator);
  });
});
