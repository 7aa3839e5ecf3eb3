# SPDX-License-Identifier: BSD-2-Clause
"""setup_test.py - mk/setup.sh against fake dpkg, apt-get, id and sudo.

Each case gives a folder of small scripts as PATH, so that nothing is asked of
or done to the real machine.
"""
import os
import pathlib
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
SETUP = TOP / "mk/setup.sh"
TOOLS = ("awk", "grep", "sed", "printf", "sh", "cat")


class Setup(unittest.TestCase):
    """What a person sees, and which commands are run."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        for tool in TOOLS:
            for place in ("/usr/bin", "/bin"):
                if os.path.exists(f"{place}/{tool}"):
                    os.symlink(f"{place}/{tool}", self.folder / tool)
                    break

    def tearDown(self):
        self.temporary.cleanup()

    def fake(self, name, body):
        """Put a script called `name` into the PATH."""
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + body + "\n")
        path.chmod(0o755)

    def fake_dpkg(self, missing):
        """A dpkg that knows every package but the missing ones."""
        self.fake("dpkg-query", "shift 3\nfor p in \"$@\"; do\ncase $p in\n"
                  + "".join(f"{m}) ;;\n" for m in missing)
                  + "*) echo \"ii  $p\" ;;\nesac\ndone")

    def fake_apt(self, status=0):
        """An apt-get that writes down what it was asked."""
        self.fake("apt-get", f"echo \"$@\" >> {self.folder}/asked\n"
                  f"exit {status}")

    def run_setup(self, *words):
        """Run the script; return (status, everything it printed)."""
        done = subprocess.run(
            ["/bin/sh", str(SETUP), *words], stdin=subprocess.DEVNULL,
            env={"PATH": str(self.folder)}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def asked(self):
        """What apt-get was asked for."""
        path = self.folder / "asked"
        return path.read_text() if path.exists() else ""

    def test_nothing_missing_is_silent(self):
        self.fake_dpkg([])
        self.assertEqual(self.run_setup(), (0, ""))

    def test_root_installs(self):
        self.fake_dpkg(["mtools", "bc"])
        self.fake("id", "echo 0")
        self.fake_apt()
        status, text = self.run_setup()
        self.assertEqual(status, 0, text)
        self.assertIn("bc      ", text)
        self.assertIn("puts files into FAT disks", text)
        self.assertNotIn("flex", text)
        self.assertIn("update", self.asked())
        self.assertIn("--no-install-recommends bc mtools", self.asked())

    def test_sudo_installs(self):
        self.fake_dpkg(["flex"])
        self.fake("id", "echo 1000")
        self.fake("sudo", "shift\nexec \"$@\"")
        self.fake("true", "exit 0")
        self.fake_apt()
        status, text = self.run_setup()
        self.assertEqual(status, 0, text)
        self.assertIn("flex", self.asked())

    def test_neither_root_nor_sudo_names_the_command(self):
        self.fake_dpkg(["flex", "bison"])
        self.fake("id", "echo 1000")
        self.fake_apt()
        status, text = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("apt-get install", text)
        self.assertIn("flex bison", text)
        self.assertEqual(self.asked(), "")

    def test_a_failed_install_names_the_command(self):
        self.fake_dpkg(["flex"])
        self.fake("id", "echo 0")
        self.fake_apt(status=100)
        status, text = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("Type this as root", text)

    def test_gdb_is_asked_for_only_on_request(self):
        self.fake_dpkg(["gdb-multiarch"])
        self.fake("id", "echo 0")
        self.fake_apt()
        self.assertEqual(self.run_setup()[0], 0)
        self.assertEqual(self.asked(), "")
        self.assertEqual(self.run_setup("gdb")[0], 0)
        self.assertIn("gdb-multiarch", self.asked())

    def test_not_debian_lists_the_reasons(self):
        status, text = self.run_setup()
        self.assertEqual(status, 0)
        self.assertIn("not Debian", text)
        self.assertIn("linux-source-6.12", text)


if __name__ == "__main__":
    unittest.main()
