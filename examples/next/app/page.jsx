import { Suspense } from "react";

import { Room } from "./room.jsx";

export default function Page() {
  return (
    <Suspense>
      <Room />
    </Suspense>
  );
}
