import { expect, test, vi } from "vitest";
import { World } from "webrtc-registry-client/testing";

import { connected } from "./story.js";

// The application gets the client that lives in the world of the test.
vi.mock("webrtc-registry-client", () => import("webrtc-registry-client/testing"));

test("they agree on a time that suits", async () => {
  const world = new World();
  const { ann, bob } = await connected(world);
  ann.propose("dawn");
  ann.propose("noon");
  await world.advance(1_000);
  expect([ann.agreed, bob.agreed]).toEqual(["noon", "noon"]);
  await world.settle(Promise.all([ann.end(), bob.end()]));
  expect(world.roomCount()).toBe(0);
});

test("they agree although the Registry is busy and slow", async () => {
  const world = new World(7);
  world.preset("busy-registry");
  world.addFault({ effect: "delay", ms: [100, 2_000] });
  const { ann, bob } = await connected(world);
  ann.propose("noon");
  await world.advance(1_000);
  expect(bob.agreed).toBe("noon");
  expect(world.elapsedMs()).toBeGreaterThan(1_000);
});

test("without a path between them, they are told", async () => {
  const world = new World();
  world.setIce("fails");
  await expect(connected(world)).rejects.toMatchObject({ code: "ice_failed" });
});
