/** Another User, which is none of the library's. */
export interface User {
  profile: { name: string };
}

export class UserManager {
  getUser(): User {
    return { profile: { name: "" } };
  }
}

export const nameOf = (user: User) => user.profile.name + new UserManager().getUser().profile.name;
