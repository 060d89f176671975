-- Safe to run again: what is already there stays as it is.
create table if not exists users (
    id integer primary key,
    name text not null unique collate nocase,
    password_hash text not null
);

create table if not exists entries (
    id integer primary key autoincrement,
    author_id integer not null references users (id),
    title text not null,
    text text not null,
    created integer not null  -- seconds since 1970, UTC
);
