//! The content of the npm package: the template, the compiled module, and the documents of the repository.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::files::{Files, files_of};
use crate::workspace::Workspace;
use crate::{sbom, skin};

const README: &str = "README.md";
/// Where the version goes; Cargo.toml is the one place that has it.
const VERSION: &str = "\"version\": \"0.0.0\"";

pub fn assemble(workspace: &Workspace, module: Files) -> Result<Files> {
    let mut files = files_of(&workspace.root.join("pkg-template"))?;
    files.extend(module);
    skin::minify(workspace, &mut files)?;
    if let Some(readme) = files.get_mut(README) {
        *readme = beside_the_pages(std::str::from_utf8(readme)?).into_bytes();
    }
    // The template has a README of its own, for the readers of the registry.
    for (name, bytes) in documents(&workspace.root)? {
        files.entry(name).or_insert(bytes);
    }
    files.insert(sbom::FILE.to_owned(), sbom::of(workspace)?);
    keep_links_inside(&mut files)?;
    let manifest = files.get_mut("package.json").context("pkg-template/package.json is missing")?;
    *manifest = with_version(std::str::from_utf8(manifest)?, &workspace.version)?.into_bytes();
    Ok(files)
}

/// In the repository the template's README lies a folder deeper than in the package.
fn beside_the_pages(readme: &str) -> String {
    readme.replace("](../", "](")
}

fn documents(root: &Path) -> Result<Files> {
    let mut documents = Files::new();
    for entry in std::fs::read_dir(root)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if [README, "CHANGELOG.md", "SECURITY.md"].contains(&&*name) || name.starts_with("LICENSE") {
            documents.insert(name.clone(), crate::files::read(&root.join(name))?);
        }
    }
    // An error names its place in docs/errors.md, and the README the guides: they lie where the reader looks for them.
    let guides = files_of(&root.join("docs"))?.into_iter();
    documents.extend(guides.map(|(name, bytes)| (format!("docs/{name}"), bytes)));
    Ok(documents)
}

/// The pages link to files that stay in the repository, as the examples. In the package such a link is the path in words.
fn keep_links_inside(files: &mut Files) -> Result<()> {
    let names: BTreeSet<String> = files.keys().cloned().collect();
    for (name, bytes) in files.iter_mut().filter(|(name, _)| name.ends_with(".md")) {
        *bytes = without_links_outside(name, std::str::from_utf8(bytes)?, &names).into_bytes();
    }
    Ok(())
}

fn without_links_outside(page: &str, text: &str, names: &BTreeSet<String>) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("](") {
        let (target, tail) = after.split_once(')').unwrap_or((after, ""));
        let link = before.rfind('[').zip(outside(page, target, names));
        match link {
            Some((start, path)) if before[start + 1..] == path => {
                kept += &format!("{}`{path}` in the repository", &before[..start]);
            }
            Some((start, path)) => {
                kept += &format!("{}{} (`{path}` in the repository)", &before[..start], &before[start + 1..]);
            }
            None => kept += &rest[..rest.len() - tail.len()],
        }
        rest = tail;
    }
    kept + rest
}

/// The path in the repository of a link's target that is not in the package.
fn outside(page: &str, target: &str, names: &BTreeSet<String>) -> Option<String> {
    let file = target.split('#').next().unwrap_or_default();
    if file.is_empty() || target.contains("://") || target.contains(' ') {
        return None;
    }
    let mut path: Vec<&str> = page.split('/').collect();
    path.pop();
    for part in file.split('/') {
        match part {
            ".." => drop(path.pop()),
            "." | "" => {}
            part => path.push(part),
        }
    }
    let path = path.join("/");
    let is_there =
        names.iter().any(|name| name.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    (!is_there).then_some(path)
}

fn with_version(manifest: &str, version: &str) -> Result<String> {
    ensure!(
        manifest.matches(VERSION).count() == 1,
        "pkg-template/package.json must have {VERSION} once: the version of Cargo.toml is written there."
    );
    Ok(manifest.replace(VERSION, &format!("\"version\": \"{version}\"")))
}

/// npm packs the files that `files` of package.json lists, and does not report an entry without a file or a file without an entry.
pub fn check(assembled: &Files, packed: &BTreeSet<String>) -> Result<()> {
    let manifest: serde_json::Value = serde_json::from_slice(&assembled["package.json"])?;
    let listed = manifest["files"].as_array().context("pkg-template/package.json has no `files`")?;
    let assembled: BTreeSet<String> = assembled.keys().cloned().collect();
    let mut expected = BTreeSet::from(["package.json".to_owned()]);
    for name in listed.iter().filter_map(|name| name.as_str()) {
        // A name with a slash at its end is a folder, with all that is in it.
        let inside = assembled.iter().filter(|file| name.ends_with('/') && file.starts_with(name)).cloned();
        let before = expected.len();
        expected.extend(inside);
        if expected.len() == before {
            expected.insert(name.to_owned());
        }
    }

    let names = |left: &BTreeSet<String>, right: &BTreeSet<String>| {
        left.difference(right).cloned().collect::<Vec<_>>().join(", ")
    };
    let (missing, unlisted) = (names(&expected, &assembled), names(&assembled, &expected));
    ensure!(missing.is_empty(), "`files` of pkg-template/package.json lists what does not exist: {missing}.");
    ensure!(unlisted.is_empty(), "pkg/ holds what `files` of pkg-template/package.json does not list: {unlisted}.");
    ensure!(
        *packed == expected,
        "npm packed [{}] too much and [{}] too little.",
        names(packed, &expected),
        names(&expected, packed)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Files {
        files_with(names, r#"{ "files": ["index.js", "README.md"] }"#)
    }

    fn files_with(names: &[&str], manifest: &str) -> Files {
        let mut files: Files = names.iter().map(|name| (name.to_string(), vec![])).collect();
        files.insert("package.json".to_owned(), manifest.into());
        files
    }

    fn refusal(assembled: &[&str], packed: &[&str]) -> String {
        let packed = packed.iter().map(|name| name.to_string()).collect();
        check(&files(assembled), &packed).unwrap_err().to_string()
    }

    #[test]
    fn the_package_is_exactly_what_is_listed() {
        let packed = ["index.js", "README.md", "package.json"].map(str::to_owned).into();
        check(&files(&["index.js", "README.md"]), &packed).unwrap();

        let in_folder = files_with(&["index.js", "docs/errors.md"], r#"{ "files": ["index.js", "docs/"] }"#);
        check(&in_folder, &["index.js", "docs/errors.md", "package.json"].map(str::to_owned).into()).unwrap();
        let without = files_with(&["index.js"], r#"{ "files": ["index.js", "docs/"] }"#);
        assert!(check(&without, &packed).unwrap_err().to_string().contains("docs/"));

        assert!(refusal(&["index.js"], &[]).contains("README.md"));
        assert!(refusal(&["index.js", "README.md", "snippets/a.js"], &[]).contains("snippets/a.js"));
        assert!(refusal(&["index.js", "README.md"], &["index.js", "package.json"]).contains("[README.md] too little"));
    }

    #[test]
    fn a_link_to_what_stays_in_the_repository_is_its_path_in_words() {
        let names = ["README.md", "docs/vue.md", "docs/jest.md"].map(str::to_owned).into();
        let packed = |page: &str, text: &str| without_links_outside(page, text, &names);
        let told = "The example (`www-example/vue/README.md` in the repository) is an app.";
        assert_eq!(packed("docs/vue.md", "[The example](../www-example/vue/README.md#start) is an app."), told);
        assert_eq!(packed("README.md", "[CONTRIBUTING.md](CONTRIBUTING.md)."), "`CONTRIBUTING.md` in the repository.");
        for inside in
            ["[a](jest.md#b) [c](../README.md) [d](#e)", "[docs](../docs/)", "[f](https://g.example/h.md) [i]", "a](b"]
        {
            assert_eq!(packed("docs/vue.md", inside), inside);
        }
    }

    #[test]
    fn no_page_of_the_package_links_to_what_is_not_in_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
        let mut files = documents(root).unwrap();
        let readme = std::fs::read_to_string(root.join("pkg-template").join(README)).unwrap();
        let readme = beside_the_pages(&readme);
        assert!(readme.contains("](docs/first-login.md)") && !readme.contains("../"));
        files.insert(README.to_owned(), readme.into_bytes());
        let told = files[README].clone();
        keep_links_inside(&mut files).unwrap();
        assert_eq!(files[README], told, "the README of the package links to what stays in the repository");
        let mut found = 0;
        for (page, bytes) in files.iter().filter(|(name, _)| name.ends_with(".md")) {
            let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
            let text = std::str::from_utf8(bytes).unwrap();
            let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
            for target in
                targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.contains(' '))
            {
                found += 1;
                let file = target.split('#').next().unwrap_or_default();
                let named = match file.strip_prefix("../") {
                    Some(above) => above.to_owned(),
                    None if folder.is_empty() => file.to_owned(),
                    None => format!("{folder}/{file}"),
                };
                assert!(files.contains_key(&named), "{page} links to {target}, which is not in the package");
            }
        }
        assert!(found > 100, "only {found} links were found");
    }

    #[test]
    fn the_version_comes_from_cargo() {
        let manifest = r#"{ "name": "x", "version": "0.0.0" }"#;
        assert_eq!(with_version(manifest, "1.2.3").unwrap(), r#"{ "name": "x", "version": "1.2.3" }"#);
        assert!(with_version(r#"{ "version": "0.1.0" }"#, "1.2.3").is_err());
    }
}
