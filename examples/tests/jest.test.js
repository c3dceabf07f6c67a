import { World } from "webrtc-registry-client/testing";

import { connected } from "./story.js";

// The application gets the client that lives in the world of the test.
jest.mock("webrtc-registry-client", () => jest.requireActual("webrtc-registry-client/testing"));

test("they agree on a time that suits", async () => {
  const world = new World();
  const { ann, bob } = await connected(world);
  ann.propose("noon");
  await world.advance(1_000);
  expect([ann.agreed, bob.agreed]).toEqual(["noon", "noon"]);
});

test("what is said while the Registry is gone arrives all the same", async () => {
  const world = new World();
  const { ann, bob } = await connected(world);
  world.setOffline(true);
  ann.propose("noon");
  await world.advance(1_000);
  expect(bob.agreed).toBe("noon");
});
